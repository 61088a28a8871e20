use crate::read::{Element, Fault};
use crate::value::{Text, Url};
use crate::write::{Writer, attributes};

/// Something a model may request while it converses.
///
/// Source: vendor page Verb/converse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// What the model calls it.
    pub name: Text,
    /// What is requested when the model uses it.
    pub url: Url,
    /// What it is for, in words for the model.
    pub description: Option<Text>,
    /// What it needs to know.
    pub parameters: Vec<ToolParameter>,
}

impl Tool {
    /// A tool of this name at this address.
    pub fn new(name: impl Into<Text>, url: Url) -> Self {
        Self { name: name.into(), url, description: None, parameters: Vec::new() }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let mut read = Self::new(element.required::<Text>("name")?, element.required("url")?);
        element.no_more_attributes()?;
        for mut child in element.children()? {
            if child.is("Parameter") {
                read.parameters.push(ToolParameter::read(child)?);
            } else if child.is("Description") && read.description.is_none() && read.parameters.is_empty() {
                child.no_more_attributes()?;
                read.description = Some(child.text()?);
            } else {
                return Err(child.unexpected("<Tool>", "at most one Description, then any number of Parameter"));
            }
        }
        Ok(read)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("Tool");
        tag.attribute("name", &self.name);
        tag.attribute("url", &self.url);
        tag.children(|writer| {
            if let Some(description) = &self.description {
                writer.open("Description").text(description);
            }
            self.parameters.iter().for_each(|parameter| parameter.write(writer));
        });
    }
}

/// Something a [`Tool`] needs to know.
///
/// Source: vendor page Verb/converse. The page names the attributes and does not list their values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolParameter {
    /// Its name.
    pub name: Text,
    /// What it means, in words for the model.
    pub description: Option<Text>,
    /// Its type (the attribute `type`).
    pub kind: Option<Text>,
    /// Whether the model has to give it.
    pub required: Option<bool>,
    /// The values it may have.
    pub values: Option<Text>,
}

impl ToolParameter {
    /// A parameter of this name, and nothing else about it.
    pub fn new(name: impl Into<Text>) -> Self {
        Self { name: name.into(), description: None, kind: None, required: None, values: None }
    }

    fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let mut read = Self::new(element.required::<Text>("name")?);
        read.read_attributes(&mut element)?;
        element.nothing()?;
        Ok(read)
    }

    fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("Parameter");
        tag.attribute("name", &self.name);
        self.write_attributes(&mut tag);
        tag.empty();
    }
}

attributes!(ToolParameter {
    "description" => description,
    "type" => kind,
    "required" => required,
    "values" => values,
});
