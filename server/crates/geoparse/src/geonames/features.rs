//! GeoNames feature classes and codes, and what they are to us.

use model::PlaceKind;

/// Kind and radius in metres of a feature; the error names why it is left out.
#[expect(clippy::match_same_arms, reason = "a table: each row stands for itself")]
pub(super) fn kind_of(class: &str, code: &str) -> Result<(PlaceKind, u32), &'static str> {
    Ok(match (class, code) {
        ("P", "PPLX") => (PlaceKind::District, 900),
        ("P", "PPLH" | "PPLQ" | "PPLW" | "PPLCH") => return Err("settlement that is no more"),
        ("P", "PPLC" | "PPLA") => (PlaceKind::Locality, 5_000),
        ("P", "PPLA2" | "PPLA3" | "PPLA4") => (PlaceKind::Locality, 2_000),
        ("P", "PPLL" | "PPLF") => (PlaceKind::Locality, 400),
        ("P", _) => (PlaceKind::Locality, 600),
        ("A", _) => return Err("area of government, shipped with the product"),
        ("H", "STM" | "STMC" | "STMD" | "CNL" | "CNLX" | "CHNM" | "CHNN" | "STMX" | "CNLN") => {
            (PlaceKind::Water, 3_000)
        }
        ("H", "LK" | "LKS" | "RSV" | "LGN" | "BAY" | "ESTY" | "SEA" | "STRT" | "SD") => (PlaceKind::Water, 2_000),
        ("H", "PND" | "HBR" | "DCK" | "DCKB" | "COVE" | "INLT" | "MRSH" | "MOOR" | "BOG") => (PlaceKind::Water, 700),
        ("H", _) => return Err("water feature too small or under the sea"),
        ("L", "PRK" | "RESN" | "RESW" | "RES" | "AREA" | "RGN" | "LCTY" | "CST") => (PlaceKind::Region, 1_500),
        ("L", "INDS" | "PRT" | "AMUS" | "MILB" | "CMN" | "FLD" | "VIN") => (PlaceKind::Region, 800),
        ("V", "FRST" | "HTH" | "GRSLD" | "SCRB") => (PlaceKind::Region, 1_500),
        ("T", "ISL" | "ISLS" | "PEN") => (PlaceKind::Region, 4_000),
        ("T", "PLDR" | "DUNE" | "HLL" | "HLLS" | "BCH" | "PLN" | "UPLD") => (PlaceKind::Region, 1_500),
        ("S", "EST" | "CSTL" | "FT" | "MSTY" | "AIRP" | "AIRF" | "PRN" | "CMP" | "CMPSL" | "RECR" | "ATHF") => {
            (PlaceKind::Region, 500)
        }
        ("S" | "R" | "L" | "V" | "T" | "U", _) => {
            return Err("building, road or other feature that is no area");
        }
        _ => return Err("feature class not known"),
    })
}
