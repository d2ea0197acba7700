use std::io::{self, BufRead};

use tidepool::gauge::{alarm, tide};
use tidepool::ring::Ring;
use tidepool::Reading;

/// Reads `time level` lines and says how the water moves.
fn main() {
    let mut ring = Ring::new();
    let mut readings = Vec::new();
    for line in io::stdin().lock().lines() {
        let reading = Reading::parse(&line.unwrap());
        ring.push(reading);
        readings.push(reading);
        println!("{} {:?}", reading.time, tide(&readings));
    }
    println!("{:?}", alarm(&readings, 3.0, 3.5, 4.2, 0.0, 1013.0, false, false));
}
