//! Rules on the template for new runbooks that an index holds.

mod broken_template_fence;
mod nonconforming_template;

pub use broken_template_fence::BrokenTemplateFence;
pub use nonconforming_template::NonconformingTemplate;
