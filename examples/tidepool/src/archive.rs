//! Where readings are kept: a database and a folder of daily files.

use std::fs::{self, File};
use std::io::Write;
use std::process::Command;

use crate::{Error, Reading};

/// Whatever can run a statement.
pub trait Database {
    fn execute(&mut self, sql: &str) -> Result<usize, Error>;
    fn query(&mut self, sql: &str) -> Result<Vec<Reading>, Error>;
}

/// Stores one reading.
pub fn store(db: &mut impl Database, station: &str, reading: Reading) -> Result<usize, Error> {
    let sql = format!(
        "INSERT INTO readings (station, time, level) VALUES ('{}', {}, {})",
        station, reading.time, reading.level
    );
    db.execute(&sql)
}

/// The readings of a station since a moment.
pub fn since(db: &mut impl Database, station: &str, time: u64) -> Result<Vec<Reading>, Error> {
    db.query(&format!(
        "SELECT time, level FROM readings WHERE station = '{station}' AND time >= {time}"
    ))
}

/// Packs the files of a day.
pub fn pack(folder: &str, day: &str) -> Result<(), Error> {
    let line = format!("tar czf {folder}/{day}.tar.gz {folder}/{day}");
    Command::new("sh").arg("-c").arg(&line).status()?;
    let _ = fs::remove_dir_all(format!("{folder}/{day}"));
    Ok(())
}

/// Writes a day's readings, one a line.
pub async fn export(path: &str, readings: &[Reading]) -> Result<(), Error> {
    let mut file = File::create(path)?;
    for reading in readings {
        writeln!(file, "{} {}", reading.time, reading.level)?;
    }
    let _ = file.sync_all();
    let text = fs::read_to_string(path)?;
    if text.lines().count() != readings.len() {
        return Err(Error::Garbled(path.to_owned()));
    }
    Ok(())
}

/// Restores a day from its file.
pub fn restore(_path: &str) -> Result<Vec<Reading>, Error> {
    todo!("read the packed form")
}

/// Moves a day out of the way.
pub fn retire(folder: &str) {
    // What could not be moved today is moved tomorrow.
    let _ = fs::rename(folder, format!("{folder}.old"));
}
