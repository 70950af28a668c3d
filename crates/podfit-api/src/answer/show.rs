//! What is there?

use super::{Asked, Fault, Question};
use crate::report::{self, ClusterReport};
use crate::request::ShowRequest;

impl Question for ShowRequest {
    type Report = ClusterReport;

    fn answer(&self, asked: &Asked<'_>) -> Result<ClusterReport, Fault> {
        Ok(report::cluster(&asked.context()))
    }
}
