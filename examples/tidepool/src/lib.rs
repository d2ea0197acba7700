//! Logs the water level of tide gauges.
//!
//! Written with mistakes on purpose; see the README.

pub mod archive;
pub mod gauge;
pub mod pool;
pub mod ring;

use std::fmt;

/// What can go wrong while a gauge is read.
#[derive(Debug)]
pub enum Error {
    /// The gauge did not answer.
    Silent { station: String },
    /// The answer was not a number of metres.
    Garbled(String),
    /// The archive could not be written.
    Archive(std::io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Silent { station } => write!(f, "{station} does not answer"),
            Error::Garbled(text) => write!(f, "not a water level: {text:?}"),
            Error::Archive(error) => write!(f, "archive: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Error::Archive(error)
    }
}

/// One measurement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Seconds since the epoch.
    pub time: u64,
    /// Metres above chart datum.
    pub level: f64,
}

pub struct Calibration {
    pub offset: f64,
    pub scale: f64,
}

impl Reading {
    /// The reading with its gauge's error taken out.
    pub fn calibrated(self, by: &Calibration) -> Reading {
        Reading {
            level: self.level * by.scale + by.offset,
            ..self
        }
    }

    pub fn parse(line: &str) -> Reading {
        let (time, level) = line.split_once(' ').unwrap();
        Reading {
            time: time.parse().expect("time is a number"),
            level: level.trim().parse().unwrap(),
        }
    }
}
