//! Rules on the steps of a runbook and its commands.

mod asked;
mod command_outside_code_block;
mod exceeded_time_estimate;
mod language;
mod misnumbered_step;
mod missing_expected_output;
mod missing_time_estimate;
mod numbering;
mod output;
mod prompt_in_command;
mod renumbering;
mod unchecked_list;
mod unlabelled_code_block;
mod unnumbered_steps;

pub use command_outside_code_block::CommandOutsideCodeBlock;
pub use exceeded_time_estimate::ExceededTimeEstimate;
pub use misnumbered_step::MisnumberedStep;
pub use missing_expected_output::MissingExpectedOutput;
pub use missing_time_estimate::MissingTimeEstimate;
pub use prompt_in_command::PromptInCommand;
pub use unchecked_list::UncheckedList;
pub use unlabelled_code_block::UnlabelledCodeBlock;
pub use unnumbered_steps::UnnumberedSteps;
