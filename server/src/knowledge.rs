//! What the product knows before it reads a message: gazetteer, lexicon, regions. Shipped in the binary, imported ones beside it.

mod own;

use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use activity::{Region, Regions};
use anyhow::{Context as _, bail};
use flate2::read::GzDecoder;
use geoparse::address::{AddressFile, Addresses};
use geoparse::{Context, Gazetteer, Geoparser, Lexicon, Parsed, TopicLexicon, TopicSet, Topics};
use model::{Mention, Place, PlaceKind, RegionKind, SharedLocation};

use crate::shipped;

/// Folder of the team's own nicknames within the data directory: tables as `data/lexicon/nicknames.tsv`.
const LEXICON: &str = "lexicon";
/// Folder of the team's own topics within the data directory: tables as those in `data/lexicon/topics`.
const TOPICS: &str = "lexicon/topics";
/// An area told by other places ("5 km onder Hoogeveen") that reaches no farther is said to lie where its middle lies.
const LOCATE_UP_TO_M: u32 = 25_000;
/// Folder of imported gazetteers within the data directory.
pub(crate) const IMPORTED: &str = "gazetteer";
/// How the names of address files end.
pub(crate) const ADDRESSES: &str = ".addresses";
/// How the names of files end that say which imported names are ordinary words.
pub(crate) const WORDS: &str = ".words.tsv";

/// How far off a shared location may be where its source does not say: what phones reach outdoors.
const SHARED_RADIUS_M: u32 = 25;
/// A location that came with a message was not read out of words; what is left is that people share places they are not at.
const SHARED_CONFIDENCE: f32 = 0.99;

/// Everything loaded.
pub(crate) struct Knowledge {
    geoparser: Geoparser,
    pub(crate) regions: Arc<Regions>,
    pub(crate) gazetteer_version: String,
}

/// A region as the geoparser is told of it: by kind and name, an area without borders of its own by its municipalities.
fn named(region: &Region) -> String {
    if region.kind == RegionKind::Custom {
        let municipality = |name: &String| format!("{}/{name}", RegionKind::Municipality.as_str());
        return region.members.iter().map(municipality).collect::<Vec<_>>().join("|");
    }
    format!("{}/{}", region.kind.as_str(), region.name)
}

impl Knowledge {
    /// Loads what is shipped and what was imported into the data directory; `home` makes one region's places likelier.
    ///
    /// # Errors
    /// When something does not read, or `home` is no region.
    pub(crate) fn load(data: &Path, home: Option<&str>) -> anyhow::Result<Self> {
        let regions = Self::regions()?;
        let home = home
            .map(|name| {
                let found = regions.find(name).map(named);
                found.with_context(|| {
                    format!("no region is called {name:?}; perhaps {}", regions.suggest(name).join(", "))
                })
            })
            .transpose()?;
        let gazetteer = Self::gazetteer(data)?;
        let addresses = Self::addresses(data)?;
        let gazetteer_version = Self::version(&gazetteer, &addresses);
        let lexicon = Self::lexicon(data, &gazetteer)?;
        let topics = Self::topics(data)?;
        own::warn_of_ordinary(topics.lexicon(), &lexicon)?;
        let options = geoparse::Options { home };
        let geoparser = Geoparser::new(Arc::new(gazetteer), lexicon, &options);
        let geoparser = geoparser.with_addresses(addresses, options.home.as_deref());
        let geoparser = geoparser.with_topics(Arc::new(topics));
        Ok(Self { geoparser, regions: Arc::new(regions), gazetteer_version })
    }

    /// What the files of the data directory that are loaded are known by: another answer means that loading gives something else.
    pub(crate) fn stamp(data: &Path) -> String {
        let mut stamp = String::new();
        for folder in [IMPORTED, LEXICON, TOPICS] {
            for file in files_ending(&data.join(folder), "").unwrap_or_default() {
                let changed = std::fs::metadata(&file).and_then(|metadata| Ok((metadata.len(), metadata.modified()?)));
                let _ = writeln!(stamp, "{} {changed:?}", file.display());
            }
        }
        stamp
    }

    /// The geoparser itself, for measuring its parts.
    pub(crate) fn geoparser(&self) -> &Geoparser {
        &self.geoparser
    }

    /// Every place found in a text, accepted or not. A point gets the municipality that it lies in.
    pub(crate) fn mentions(&self, text: &str) -> Vec<Mention> {
        self.located(self.geoparser.mentions(text))
    }

    /// The location that came with a message, as a mention without words.
    pub(crate) fn shared(&self, location: &SharedLocation) -> Mention {
        self.located(vec![shared_mention(location)]).swap_remove(0)
    }

    /// The ids of topics.
    pub(crate) fn topic_ids(&self, topics: TopicSet) -> Vec<String> {
        let all = self.geoparser.topics().lexicon().topics().iter().enumerate();
        all.filter(|(at, _)| topics & (1 << at) != 0).map(|(_, topic)| topic.id().to_owned()).collect()
    }

    /// Every place found in a text, knowing what the conversation spoke of lately; and what it is about.
    pub(crate) fn parse(&self, text: &str, context: &Context) -> Parsed {
        let parsed = self.geoparser.parse(text, context);
        Parsed { mentions: self.located(parsed.mentions), ..parsed }
    }

    /// Fills in, for points and for areas told by other places, the areas that the gazetteer has on record for places.
    fn located(&self, mut mentions: Vec<Mention>) -> Vec<Mention> {
        for mention in &mut mentions {
            let place = &mut mention.place;
            let told = place.kind == PlaceKind::Region && place.country.is_none() && place.radius_m <= LOCATE_UP_TO_M;
            let is_point = matches!(place.kind, PlaceKind::Coordinate | PlaceKind::Address | PlaceKind::Street);
            if (told || is_point) && place.municipality.is_none() {
                let found = self.regions.locate(place.point());
                place.municipality = found.municipality.map(|region| region.name.clone());
                place.province = found.province.map(|region| region.name.clone());
                place.police_unit = found.police_unit.map(|region| region.name.clone());
                place.country = place.municipality.is_some().then(|| "NL".to_owned());
            }
        }
        mentions
    }

    /// The shipped regions.
    ///
    /// # Errors
    /// When they do not read: the build is broken.
    pub(crate) fn regions() -> anyhow::Result<Regions> {
        Regions::from_geojson(shipped::gunzip(shipped::REGIONS)?.as_bytes()).context("shipped regions")
    }

    /// The shipped gazetteer with everything imported.
    ///
    /// # Errors
    /// When an imported file does not read.
    pub(crate) fn gazetteer(data: &Path) -> anyhow::Result<Gazetteer> {
        let (mut gazetteer, errors) =
            Gazetteer::from_tsv(GzDecoder::new(shipped::PLACES)).context("shipped gazetteer")?;
        if let Some(error) = errors.first() {
            bail!("the shipped gazetteer is broken: {error}");
        }
        for file in files_ending(&data.join(IMPORTED), ".tsv.gz")? {
            let name = file.display().to_string();
            let opened = File::open(&file).with_context(|| format!("{name}: cannot be read"))?;
            let (more, errors) = Gazetteer::from_tsv(GzDecoder::new(opened)).with_context(|| name.clone())?;
            for error in errors.iter().take(3) {
                tracing::warn!(file = name, %error, "a row of an imported gazetteer is left out");
            }
            gazetteer.merge(more);
        }
        Ok(gazetteer)
    }

    /// The imported address files, mapped.
    ///
    /// # Errors
    /// When one of them is damaged.
    pub(crate) fn addresses(data: &Path) -> anyhow::Result<Addresses> {
        let mut files = Vec::new();
        for path in files_ending(&data.join(IMPORTED), ADDRESSES)? {
            let name = path.display().to_string();
            let mapped = mapped::open(&path).with_context(|| format!("{name}: cannot be read"))?;
            let source = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            files.push(AddressFile::open(Arc::new(mapped), source).with_context(|| name.clone())?);
        }
        Ok(Addresses::new(files))
    }

    /// Hash of all places and addresses: the same content has the same version wherever it was loaded.
    pub(crate) fn version(gazetteer: &Gazetteer, addresses: &Addresses) -> String {
        if addresses.is_empty() {
            return gazetteer.version();
        }
        let mut hashes: Vec<_> = addresses.files().iter().map(AddressFile::hash).collect();
        hashes.sort_unstable();
        let mut hasher = blake3::Hasher::new();
        hasher.update(gazetteer.version().as_bytes());
        for hash in hashes {
            hasher.update(hash);
        }
        hasher.finalize().to_hex()[..12].to_owned()
    }

    /// The shipped topics with those of the team, which go over them.
    ///
    /// # Errors
    /// When a file of the team does not read, or there are too many topics.
    pub(crate) fn topics(data: &Path) -> anyhow::Result<Topics> {
        let mut topics = TopicLexicon::default();
        for (id, table) in shipped::TOPICS {
            topics.add(id, table).context("shipped topics")?;
        }
        own::add_topics(data, &mut topics)?;
        Ok(Topics::new(topics))
    }

    /// The shipped lexicon with the nicknames of the team's own files.
    fn lexicon(data: &Path, gazetteer: &Gazetteer) -> anyhow::Result<Lexicon> {
        let mut lexicon = Lexicon::new();
        lexicon.add_words(GzDecoder::new(shipped::WORDS)).context("shipped words")?;
        for file in files_ending(&data.join(IMPORTED), WORDS)? {
            let opened = File::open(&file).with_context(|| format!("{}: cannot be read", file.display()))?;
            lexicon.add_words(opened).with_context(|| file.display().to_string())?;
        }
        lexicon.add_word_use(shipped::WORD_USE).context("shipped word use")?;
        lexicon.add_near_names(GzDecoder::new(shipped::NEAR_NAMES)).context("shipped words near names")?;
        lexicon.add_first_names(shipped::FIRST_NAMES).context("shipped first names")?;
        lexicon.add_surnames(shipped::SURNAMES).context("shipped surnames")?;
        lexicon.add_nicknames(shipped::NICKNAMES).context("shipped nicknames")?;
        own::add_nicknames(data, &mut lexicon, gazetteer)?;
        Ok(lexicon)
    }
}

/// A location that came with a message, as a mention of no words: its span is empty and stands at the beginning.
fn shared_mention(shared: &SharedLocation) -> Mention {
    let (lon, lat) = (shared.point.lon, shared.point.lat);
    let place = Place {
        id: format!("xy/{lon:.5},{lat:.5}"),
        name: shared.label.clone().unwrap_or_else(|| format!("{lat:.5}, {lon:.5}")),
        kind: PlaceKind::Coordinate,
        lon,
        lat,
        radius_m: shared.radius_m.unwrap_or(SHARED_RADIUS_M),
        municipality: None,
        province: None,
        police_unit: None,
        country: None,
        population: None,
    };
    Mention {
        start: 0,
        end: 0,
        text: String::new(),
        kind: place.kind,
        confidence: SHARED_CONFIDENCE,
        accepted: true,
        place,
        alternatives: Vec::new(),
        reasons: vec!["shared_location".to_owned()],
    }
}

/// Files of a folder by how their names end, in order of name; none when there is no such folder.
fn files_ending(folder: &Path, ending: &str) -> anyhow::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(ending) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
