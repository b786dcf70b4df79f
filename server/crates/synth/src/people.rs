//! Who talks with whom: invented handles in conversations of very different sizes.

use crate::dice::Dice;

const ANIMALS: [&str; 24] = [
    "nachtuil",
    "roodborst",
    "steenmarter",
    "bromvlieg",
    "zandhaas",
    "kraai",
    "otter",
    "bever",
    "vos",
    "wolf",
    "muskusrat",
    "kikker",
    "adelaar",
    "egel",
    "snoek",
    "zeearend",
    "hommel",
    "ooievaar",
    "das",
    "fazant",
    "kiekendief",
    "paling",
    "eland",
    "wezel",
];
const NICKNAMES: [&str; 16] = [
    "krullebol",
    "dikkop",
    "langpoot",
    "zilverrug",
    "kaleknikker",
    "slaapkop",
    "blikje",
    "petje",
    "brommer",
    "bonkie",
    "kachel",
    "moker",
    "stamper",
    "snor",
    "houtje",
    "klompie",
];
const GROUPS: [&str; 20] = [
    "voetbal",
    "familie",
    "werk",
    "klas",
    "buurt",
    "loods",
    "vrijdagavond",
    "kaartclub",
    "carnaval",
    "vissen",
    "motor",
    "rijders",
    "noord",
    "team",
    "ploeg",
    "bouw",
    "garage",
    "weekend",
    "privé",
    "overleg",
];

/// Conversations and their members.
pub(crate) struct People {
    conversations: Vec<Conversation>,
    senders: Vec<String>,
}

struct Conversation {
    name: String,
    members: Vec<u32>,
}

impl People {
    /// Some hundreds of conversations, growing slowly with the number of messages.
    pub(crate) fn new(messages: u64, dice: &mut Dice) -> Self {
        let count = (messages / 150).isqrt().clamp(3, 36) as usize;
        let conversation_count = count * count * 2 / 3 + 20;
        let sender_count = conversation_count * 2;
        let senders: Vec<String> = (0..sender_count).map(|number| handle(number, dice)).collect();
        let conversations = (0..conversation_count)
            .map(|number| Conversation {
                name: format!("{}-{number:03}", dice.word(&GROUPS)),
                members: members(sender_count, dice),
            })
            .collect();
        Self { conversations, senders }
    }

    pub(crate) fn len(&self) -> usize {
        self.conversations.len()
    }

    /// A conversation, the first ones far more often than the last.
    pub(crate) fn draw_conversation(&self, dice: &mut Dice) -> usize {
        // The square of a uniform number: the first tenth of the conversations has a third of the messages.
        let scale = 1 << 20;
        let drawn = dice.below(scale);
        (self.len() as u64 * drawn / scale * drawn / scale) as usize
    }

    /// Somebody of the conversation, the talkative more often, and not `last` if it can be helped.
    pub(crate) fn draw_sender(&self, conversation: usize, last: Option<u32>, dice: &mut Dice) -> u32 {
        let members = &self.conversations[conversation].members;
        let reach = 1 + dice.index(members.len());
        let mut sender = *dice.pick(&members[..reach]);
        if Some(sender) == last && dice.per_mille(700) {
            sender = *dice.pick(members);
        }
        sender
    }

    /// The first member of a conversation.
    pub(crate) fn first_member(&self, conversation: usize) -> u32 {
        self.conversations[conversation].members[0]
    }

    pub(crate) fn conversation_name(&self, conversation: usize) -> &str {
        &self.conversations[conversation].name
    }

    pub(crate) fn sender_name(&self, sender: u32) -> &str {
        &self.senders[sender as usize]
    }
}

fn members(sender_count: usize, dice: &mut Dice) -> Vec<u32> {
    let reach = dice.index(15);
    let wanted = 2 + dice.index(reach + 1);
    let mut members: Vec<u32> = Vec::with_capacity(wanted);
    while members.len() < wanted {
        let sender = dice.index(sender_count) as u32;
        if !members.contains(&sender) {
            members.push(sender);
        }
    }
    members
}

fn handle(number: usize, dice: &mut Dice) -> String {
    match dice.below(5) {
        0 => format!("pin {}", 1000 + number * 7 % 9000),
        1 => format!("{}_{number}", dice.word(&ANIMALS)),
        2 => format!("{}{number}", dice.word(&NICKNAMES)),
        3 => format!("{}.{}.{number}", dice.word(&NICKNAMES), dice.word(&ANIMALS)),
        _ => format!("user{:05}", 10_000 + number * 37 % 89_989),
    }
}
