//! What ids stand for: the names of accounts, and the threads of messages.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use serde_json::{Map, Value};

use super::{facets, is_a, is_message, list, literal, local, property, reference};
use crate::json_value::text;

/// Ids remembered, at some 50 bytes each; references beyond are called by their id.
const MAX_IDS: usize = 4_000_000;
/// Longest name kept.
const MAX_NAME_CHARS: usize = 200;

/// Properties that say what an account is called, best first.
const NAME_PROPERTIES: [&str; 8] = [
    "phoneNumber",
    "accountIdentifier",
    "addressValue",
    "displayName",
    "accountLogin",
    "emailAddress",
    "name",
    "label",
];

/// An index of ids, by their hash: two ids of one hash would need four thousand million of them to become likely.
#[derive(Default)]
pub(super) struct Names {
    accounts: HashMap<u64, String>,
    /// From a message to the number of its thread.
    threads_of: HashMap<u64, u32>,
    threads: Vec<String>,
}

impl Names {
    /// Remembers what an object says about itself and others.
    pub(super) fn note(&mut self, object: &Map<String, Value>) {
        let id = object.get("@id").map(text).unwrap_or_default();
        if let Some(thread) = facets(object).find(|facet| is_a(facet, "MessageThreadFacet")) {
            self.note_thread(object, thread, &id);
            return;
        }
        if id.is_empty() || self.accounts.len() >= MAX_IDS || facets(object).any(is_message) {
            return;
        }
        let name = NAME_PROPERTIES.iter().find_map(|name| {
            facets(object).map(|facet| literal(property(facet, name))).find(|name| !name.trim().is_empty())
        });
        if let Some(name) = name {
            self.accounts.insert(hash(&id), name.chars().take(MAX_NAME_CHARS).collect());
        }
        // A facet that stands by itself names the object that refers to it.
        for facet in list(property(object, "hasFacet")).iter().filter_map(reference) {
            if let Some(name) = self.accounts.get(&hash(facet)).cloned() {
                self.accounts.entry(hash(&id)).or_insert(name);
            }
        }
    }

    fn note_thread(&mut self, object: &Map<String, Value>, thread: &Map<String, Value>, id: &str) {
        let named = ["displayName", "name"].iter().find_map(|name| {
            [thread, object].map(|holder| literal(property(holder, name))).into_iter().find(|name| !name.is_empty())
        });
        let number = self.threads.len() as u32;
        self.threads.push(named.unwrap_or_else(|| local(id).to_owned()).chars().take(MAX_NAME_CHARS).collect());
        let messages = ["message", "messageThread", "messages"].iter().find_map(|name| property(thread, name));
        for message in entries(messages) {
            if self.threads_of.len() < MAX_IDS {
                self.threads_of.insert(hash(message), number);
            }
        }
    }

    /// What an id is called: by its name, else by the end of the id itself.
    pub(super) fn name(&self, id: &str) -> String {
        self.accounts.get(&hash(id)).cloned().unwrap_or_else(|| local(id).to_owned())
    }

    /// The thread of a message.
    pub(super) fn thread(&self, message: &str) -> Option<String> {
        self.threads_of.get(&hash(message)).and_then(|number| self.threads.get(*number as usize)).cloned()
    }
}

/// The ids that a thread refers to: a list, or a thread object whose items are.
fn entries(value: Option<&Value>) -> Vec<&str> {
    list(value)
        .iter()
        .flat_map(|value| match value.as_object() {
            Some(object) if !object.contains_key("@id") || property(object, "item").is_some() => {
                let items = property(object, "item").or_else(|| property(object, "itemContent"));
                list(items).iter().filter_map(reference).collect::<Vec<_>>()
            }
            _ => reference(value).into_iter().collect(),
        })
        .collect()
}

fn hash(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}
