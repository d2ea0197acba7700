use tidepool::ring::Ring;
use tidepool::Reading;

#[test]
fn a_line_is_a_reading() {
    let reading = Reading::parse("1700000000 2.75\n");
    assert_eq!(reading.level, 2.75);
}

#[test]
fn a_full_ring_drops_the_oldest() {
    let mut ring = Ring::new();
    for time in 0..70 {
        ring.push(Reading { time, level: 1.0 });
    }
    assert_eq!(ring.get(0).time, 6);
    assert_eq!(ring.last().map(|reading| reading.time), Some(69));
}
