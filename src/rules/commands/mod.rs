//! Rules on commands: what is dangerous, secret or broken in them.

mod dangerous;
mod nonstandard_warning;
mod pipe_to_shell;
mod secret_in_command;
mod shell_syntax_error;
mod unapproved_dangerous_command;
mod unmarked_dangerous_command;
mod unpinned_target;
mod unrecoverable_command;
mod unresolved_placeholder;

pub use nonstandard_warning::NonstandardWarning;
pub use pipe_to_shell::PipeToShell;
pub use secret_in_command::SecretInCommand;
pub use shell_syntax_error::ShellSyntaxError;
pub use unapproved_dangerous_command::UnapprovedDangerousCommand;
pub use unmarked_dangerous_command::UnmarkedDangerousCommand;
pub use unpinned_target::UnpinnedTarget;
pub use unrecoverable_command::UnrecoverableCommand;
pub use unresolved_placeholder::UnresolvedPlaceholder;
