//! Made-up graphs in the two ways that tools write them.

use std::io::Write;

use crate::{Format, Item, Options, open};

const OBJECTS: &str = r#"
  {"@id":"kb:m1","@type":"uco-observable:Message","uco-core:hasFacet":[{"@type":"uco-observable:MessageFacet",
    "uco-observable:messageText":"busje in kerkenveld","uco-observable:from":{"@id":"kb:a"},"uco-observable:to":[{"@id":"kb:b"}],
    "uco-observable:sentTime":{"@type":"xsd:dateTime","@value":"2020-05-27T21:15:00Z"}}]},
  {"@id":"kb:m2","@type":["uco-observable:ObservableObject"],"uco-core:hasFacet":[{"@type":"uco-observable:MessageFacet",
    "uco-observable:messageText":"","uco-observable:from":{"@id":"kb:onbekend"},"uco-observable:sentTime":"2020-05-27T21:15:01Z"},
    {"@type":"uco-location:LatLongCoordinatesFacet","uco-location:latitude":{"@type":"xsd:decimal","@value":"52.7"},"uco-location:longitude":6.5},
    {"@type":"uco-location:SimpleAddressFacet","uco-location:street":"Dorpsstraat 1","uco-location:locality":"Dorp"}]},
  {"@id":"kb:m3","uco-core:hasFacet":{"@type":"uco-observable:MessageFacet","uco-observable:messageText":"zonder tijd"}},
  {"@id":"kb:t","@type":"uco-observable:MessageThread","uco-core:name":"Loods","uco-core:hasFacet":[{"@type":"uco-observable:MessageThreadFacet",
    "uco-observable:messageThread":{"@type":"co:List","co:item":[{"@id":"kb:m2"}]}}]},
  {"@id":"kb:a","@type":"uco-observable:PhoneAccount","uco-core:hasFacet":[{"@type":"uco-observable:PhoneAccountFacet","uco-observable:phoneNumber":"31600000001"}]},
  {"@id":"kb:b","@type":"uco-observable:Account","uco-core:name":"Bert"}"#;

#[test]
fn messages_are_read_though_their_senders_follow_later() {
    let graph = format!("{{\"@context\":{{\"kb\":\"http://example.org/kb/\"}},\"@graph\":[{OBJECTS}]}}");
    let bundle = format!(
        "{{\"@context\":{{}},\"@graph\":[{{\"@id\":\"kb:bundle\",\"@type\":\"uco-core:Bundle\",\"uco-core:object\":[{OBJECTS}]}}]}}"
    );
    for content in [graph, bundle] {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content.as_bytes()).unwrap();
        let reader = open(file.path(), &Options::default()).unwrap();
        assert_eq!(reader.description().format, Format::Case);
        let items: Vec<Item> = reader.map(Result::unwrap).collect();
        let [Item::Message(first), Item::Message(second), Item::Rejected(third)] = &items[..] else {
            panic!("{items:?}")
        };
        assert_eq!((first.sender.as_str(), first.conversation.as_str()), ("31600000001", "31600000001, Bert"));
        assert_eq!((first.sent_at_ms, first.external_id.as_deref()), (1_590_614_100_000, Some("kb:m1")));
        assert_eq!((second.sender.as_str(), second.conversation.as_str()), ("onbekend", "Loods"));
        let location = second.location.as_ref().unwrap();
        assert_eq!((location.point.lat, location.label.as_deref()), (52.7, Some("Dorpsstraat 1, Dorp")));
        assert_eq!(third.code, "no_time");
    }
}
