//! `claims.csv.gz` read back: every claim beside the truth, by adversary and attack.

use std::fs::File;
use std::path::Path;

use csv::ByteRecord;
use flate2::read::GzDecoder;

use crate::error::Error;
use crate::files::claims::CLAIMS;
use crate::result::attack::ResultFigures;

/// More claims than this are not taken into memory.
const MOST: usize = 10_000_000;

/// Whose claims, with what, about what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SetKey {
    /// `outsider`, `party-3` or `aggregator`.
    pub(crate) adversary: String,
    /// `membership` or `source`.
    pub(crate) question: String,
    /// What tells the attack from the adversary's others.
    pub(crate) id: String,
    /// Of a single target: what was attacked, what shadow models were, what learned from them; else empty.
    pub(crate) means: [String; 3],
}

impl SetKey {
    /// That of a result.
    pub(crate) fn of(result: &ResultFigures) -> Self {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        Self {
            adversary: text(&result.adversary),
            question: text(&result.question),
            id: result.id().into(),
            means: [&result.means.target, &result.means.generation, &result.means.attack_learner].map(text),
        }
    }
}

/// One claim beside the truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Claim {
    /// The repeat and the fold, from 1; fold 0 of a federation.
    pub(crate) at: (u32, u32),
    /// The row of the data set.
    pub(crate) record: u32,
    /// The record's class, where the file says so.
    pub(crate) label: Option<u32>,
    /// Membership: 1 for a member, 0 for none. Source: the owner's number.
    pub(crate) truth: u32,
    /// The same, as claimed.
    pub(crate) claim: u32,
    /// How sure the adversary is; of membership, that it is a member.
    pub(crate) score: f64,
    /// Whether it counts for the uniform and the matched draw of non-members; both, of the source question.
    pub(crate) counts: [bool; 2],
}

/// The claims of one adversary's attack, in the order of repeats and folds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ClaimSet {
    /// Whose.
    pub(crate) key: SetKey,
    /// All of them.
    pub(crate) claims: Vec<Claim>,
}

impl ClaimSet {
    /// The claims of each repeat and fold.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = &[Claim]> {
        self.claims.chunk_by(|a, b| a.at == b.at)
    }
}

/// What the file holds.
#[derive(Clone, Debug)]
pub(crate) enum Claims {
    /// The claims.
    Sets(Vec<ClaimSet>),
    /// Why there are none to show.
    None(String),
}

impl Claims {
    /// Reads the file of a folder.
    ///
    /// # Errors
    /// [`Error::Altered`] when it is there and is not what a run writes.
    pub(crate) fn read(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(CLAIMS);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::None(format!(
                    "{CLAIMS} is not in this folder, so that nothing can be shown record by record; of single targets it is \
                     written where the scenario says export: [claims]"
                )));
            }
            Err(e) => return Err(Error::unreadable(&path, e)),
        };
        let read = rows(GzDecoder::new(std::io::BufReader::new(file)));
        read.map_err(|what| Error::Altered { path, kind: "no file of claims as", what })
    }

    /// The claims of a result, if they are there.
    pub(crate) fn of(&self, result: &ResultFigures) -> Option<&ClaimSet> {
        let Self::Sets(sets) = self else { return None };
        let key = SetKey::of(result);
        sets.iter().find(|set| set.key == key)
    }

    /// Why there are none, or that they lack the records' classes.
    pub(crate) fn remark(&self) -> Option<String> {
        match self {
            Self::None(why) => Some(why.clone()),
            Self::Sets(sets) => {
                let mut claims = sets.iter().flat_map(|set| &set.claims);
                let lacks = claims.next().is_some_and(|claim| claim.label.is_none());
                lacks.then(|| {
                    format!(
                        "{CLAIMS} has no column `label`, as an older version of turncoat wrote it, so that nothing can be \
                         shown class by class; run the scenario again to have it"
                    )
                })
            }
        }
    }
}

/// Where each column stands.
struct Columns {
    repeat: usize,
    fold: Option<usize>,
    adversary: Option<usize>,
    question: Option<usize>,
    id: usize,
    means: [Option<usize>; 3],
    record: usize,
    /// Truth and claim: of membership, of the source; an older version wrote both questions to one pair of columns.
    sides: [Option<[usize; 2]>; 2],
    score: usize,
    uniform: Option<usize>,
    matched: usize,
    label: Option<usize>,
}

impl Columns {
    fn find(header: &ByteRecord) -> Result<Self, String> {
        let place = |name: &str| header.iter().position(|column| column == name.as_bytes());
        let needed = |name: &str| place(name).ok_or_else(|| format!("it has no column `{name}`"));
        Ok(Self {
            repeat: needed("repeat")?,
            fold: place("fold"),
            adversary: place("adversary"),
            question: place("question"),
            // An older version wrote no ids: attacks were told apart by their names.
            id: place("id").map_or_else(|| needed("attack"), Ok)?,
            means: ["target", "generation", "attack_learner"].map(place),
            record: needed("record")?,
            sides: match place("member") {
                Some(member) => [
                    Some([member, needed("claimed_member")?]),
                    place("owner").zip(place("claimed_owner")).map(<[usize; 2]>::from),
                ],
                None => [Some([needed("truth")?, needed("claim")?]); 2],
            },
            score: needed("score")?,
            uniform: place("uniform"),
            matched: needed("matched")?,
            label: place("label"),
        })
    }

    /// Whether a row belongs to a key, without making a key of it.
    fn is(&self, row: &ByteRecord, key: &SetKey) -> bool {
        let same = |place: Option<usize>, text: &str, otherwise: &str| {
            place.map_or(text == otherwise, |place| &row[place] == text.as_bytes())
        };
        &row[self.id] == key.id.as_bytes()
            && same(self.adversary, &key.adversary, "outsider")
            && same(self.question, &key.question, "membership")
            && self.means.iter().zip(&key.means).all(|(place, text)| same(*place, text, ""))
    }

    fn key(&self, row: &ByteRecord) -> SetKey {
        let text = |place: Option<usize>, otherwise: &str| {
            place.map_or_else(|| otherwise.into(), |place| String::from_utf8_lossy(&row[place]).into_owned())
        };
        SetKey {
            adversary: text(self.adversary, "outsider"),
            question: text(self.question, "membership"),
            id: text(Some(self.id), ""),
            means: self.means.map(|place| text(place, "")),
        }
    }

    fn claim(&self, row: &ByteRecord, source: bool) -> Option<Claim> {
        let text = |place: usize| std::str::from_utf8(&row[place]).ok();
        let number = |place: usize| text(place)?.parse::<u32>().ok();
        let inside = |place: usize| match &row[place] {
            b"1" | b"in" => Some(1),
            b"0" | b"out" => Some(0),
            _ => None,
        };
        let is_one = |place: Option<usize>| place.is_some_and(|place| &row[place] == b"1");
        let side = |place| if source { number(place) } else { inside(place) };
        let [truth, claim] = self.sides[usize::from(source)]?;
        Some(Claim {
            at: (number(self.repeat)?, self.fold.map_or(Some(0), number)?),
            record: number(self.record)?,
            label: self.label.map_or(Some(None), |place| number(place).map(Some))?,
            truth: side(truth)?,
            claim: side(claim)?,
            score: text(self.score)?.parse().ok().filter(|score: &f64| score.is_finite())?,
            counts: if source { [true; 2] } else { [is_one(self.uniform), is_one(Some(self.matched))] },
        })
    }
}

fn rows(text: impl std::io::Read) -> Result<Claims, String> {
    let mut reader = csv::ReaderBuilder::new().from_reader(text);
    let columns = Columns::find(reader.byte_headers().map_err(|e| e.to_string())?)?;
    let mut sets: Vec<ClaimSet> = Vec::new();
    let mut current = 0;
    let mut count = 0;
    let mut row = ByteRecord::new();
    while reader.read_byte_record(&mut row).map_err(|e| e.to_string())? {
        count += 1;
        if count > MOST {
            return Ok(Claims::None(format!(
                "{CLAIMS} holds more than {MOST} claims, too many to be shown here record by record"
            )));
        }
        if sets.get(current).is_none_or(|set| !columns.is(&row, &set.key)) {
            current = sets.iter().position(|set| columns.is(&row, &set.key)).unwrap_or(sets.len());
            if current == sets.len() {
                sets.push(ClaimSet { key: columns.key(&row), claims: Vec::new() });
            }
        }
        if row[columns.score].is_empty() {
            // No claim was made, so there is nothing that could be right or wrong.
            continue;
        }
        let set = &mut sets[current];
        let claim = columns.claim(&row, set.key.question == "source");
        set.claims.push(claim.ok_or_else(|| format!("line {} cannot be read", count + 1))?);
    }
    Ok(Claims::Sets(sets))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::single_target::Means;

    const HEADER: &str = "repeat,adversary,question,attack,id,record,member,claimed_member,owner,claimed_owner,score,uniform,matched,label";
    const ROWS: &str = "1,outsider,membership,gap,gap,7,1,0,,,0.5,1,0,2\n\
        1,party-3,source,least_loss,least_loss,9,,,2,1,0.25,,,0\n\
        2,outsider,membership,gap,gap,8,0,0,,,-1,0,1,1\n";
    /// As versions up to 0.1 wrote it.
    const OLD: &str = "repeat,adversary,question,attack,record,truth,claim,score,uniform,matched,label\n\
        1,outsider,membership,gap,7,in,out,0.5,1,0,2\n\
        1,party-3,source,least_loss,9,2,1,0.25,,,0\n\
        2,outsider,membership,gap,8,out,out,-1,0,1,1\n";

    fn federation() -> String {
        format!("{HEADER}\n{ROWS}")
    }

    #[test]
    fn what_an_older_version_wrote_says_the_same() {
        assert_eq!(sets(OLD), sets(&federation()));
    }

    #[test]
    fn two_parameterisations_of_an_attack_are_two_sets() {
        let text = federation().replace("2,outsider,membership,gap,gap", "2,outsider,membership,gap,other");
        let found: Vec<_> = sets(&text).into_iter().map(|set| (set.key.id, set.claims.len())).collect();
        assert_eq!(found, [("gap".into(), 1), ("least_loss".into(), 1), ("other".into(), 1)]);
    }

    fn sets(text: &str) -> Vec<ClaimSet> {
        match rows(text.as_bytes()).unwrap() {
            Claims::Sets(sets) => sets,
            Claims::None(why) => panic!("{why}"),
        }
    }

    #[test]
    fn claims_come_back_by_adversary_and_attack() {
        let sets = sets(&federation());
        assert_eq!(sets.len(), 2);
        let of = |set: &ClaimSet| {
            set.claims.iter().map(|c| (c.at, c.record, c.label, c.truth, c.claim)).collect::<Vec<_>>()
        };
        assert_eq!(of(&sets[0]), [((1, 0), 7, Some(2), 1, 0), ((2, 0), 8, Some(1), 0, 0)]);
        assert_eq!(of(&sets[1]), [((1, 0), 9, Some(0), 2, 1)]);
        assert_eq!(sets[0].claims[0].counts, [true, false]);
        assert_eq!(sets[0].blocks().count(), 2);
        let unclaimed = self::sets(&federation().replace("8,0,0,,,-1", "8,0,,,,"));
        assert_eq!(unclaimed.iter().map(|set| set.claims.len()).collect::<Vec<_>>(), [1, 1]);
        let text = "repeat,fold,target,generation,attack_learner,attack,record,truth,claim,score,matched\n\
            1,2,knn,,,gap,3,in,in,1,1\n";
        let set = &self::sets(text)[0];
        let result = ResultFigures {
            adversary: Some("outsider".into()),
            question: Some("membership".into()),
            attack: Some("gap".into()),
            means: Means { target: Some("knn".into()), ..Means::default() },
            ..ResultFigures::default()
        };
        assert_eq!(set.key, SetKey::of(&result));
        assert_eq!((set.claims[0].at, set.claims[0].label), ((1, 2), None));
        assert!(rows(text.as_bytes()).unwrap().remark().unwrap().contains("no column `label`"));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let broken = |from: &str, to: &str| rows(federation().replace(from, to).as_bytes()).unwrap_err();
        assert_eq!(broken("score,", "x,"), "it has no column `score`");
        assert_eq!(broken(",-1,", ",NaN,"), "line 4 cannot be read");
        assert_eq!(broken("7,1", "7,maybe"), "line 2 cannot be read");
        assert!(broken("1,outsider,membership", "1,outsider").contains("found record with 13 fields"));
    }
}
