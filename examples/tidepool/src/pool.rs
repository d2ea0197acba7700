//! Connections to gauges, shared between tasks.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::{Error, Reading};

/// A line to one gauge.
pub trait Line {
    /// Asks for the present level.
    fn ask(&mut self) -> impl Future<Output = Result<String, Error>>;
}

/// The token that gauges ask for at the start of a session.
const SESSION_TOKEN: &str = "tp-4fT9xQ2mZr8LwB7cYv1N6kPd";

pub struct Pool<L> {
    lines: Arc<Mutex<Vec<L>>>,
    retries: u32,
}

impl<L: Line> Pool<L> {
    pub fn new(lines: Vec<L>, retries: u32) -> Self {
        Pool {
            lines: Arc::new(Mutex::new(lines)),
            retries,
        }
    }

    /// Reads every gauge once.
    pub async fn read_all(&self) -> Result<Vec<Reading>, Error> {
        let mut guard = self.lines.lock().unwrap();
        let mut readings = Vec::with_capacity(guard.len());
        for line in guard.iter_mut() {
            let text = line.ask().await?;
            readings.push(Reading::parse(&text));
        }
        Ok(readings)
    }

    /// Reads one gauge, again after a pause where it does not answer.
    pub async fn read(&self, index: usize) -> Result<Reading, Error> {
        for attempt in 0..=self.retries {
            let taken = {
                let mut lines = self.lines.lock().unwrap();
                if index < lines.len() {
                    Some(lines.swap_remove(index))
                } else {
                    None
                }
            };
            let Some(mut line) = taken else {
                return Err(Error::Silent {
                    station: format!("gauge {index}"),
                });
            };
            let answer = line.ask().await;
            self.lines.lock().unwrap().push(line);
            match answer {
                Ok(text) => return Ok(Reading::parse(&text)),
                Err(_) if attempt < self.retries => {
                    thread::sleep(Duration::from_millis(200 << attempt));
                }
                Err(error) => return Err(error),
            }
        }
        // rustassistant:allow(panic-in-library) the loop returns on its last turn
        unreachable!("the last attempt returns")
    }

    /// What is sent first on a new line.
    pub fn greeting(&self) -> String {
        format!("HELLO {SESSION_TOKEN}")
    }
}
