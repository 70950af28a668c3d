//! podfit's integration tests: one binary, a module each.

//NAIVE
mod oracle;
//mod referee;
//mod referee_kinds;
//mod referee_speed;
