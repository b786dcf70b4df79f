//! Words of messages, back to numbers of messages.

use sqlx::{PgPool, Postgres, QueryBuilder};

use crate::Result;
use crate::words::{Term, terms};

/// The index finds what holds all the words; whether they stand together is looked up in the row. Texts too long for the index
/// are few, and are looked through.
pub(super) async fn search(pool: &PgPool, typed: &str, limit: usize) -> Result<Vec<u64>> {
    let terms = terms(typed);
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = QueryBuilder::<Postgres>::new(
        "SELECT message_no FROM messages WHERE (array_to_tsvector(string_to_array(rtrim(left(words, 200000)), ' ')) @@ ",
    );
    query.push_bind(expression(&terms)).push("::tsquery OR length(words) > 200000)");
    for term in &terms {
        let after = if term.is_prefix { "" } else { " " };
        query.push(" AND strpos(' ' || words || ' ', ").push_bind(format!(" {}{after}", term.words)).push(") > 0");
    }
    query.push(" ORDER BY message_no LIMIT ").push_bind(limit as i64);
    let rows: Vec<i64> = query.build_query_scalar().fetch_all(pool).await?;
    Ok(rows.into_iter().map(i64::cast_unsigned).collect())
}

/// Every word of every term, in quotes: words have no character that could end them.
fn expression(terms: &[Term]) -> String {
    let mut words = Vec::new();
    for term in terms {
        let mut of_term: Vec<String> = term.words.split(' ').map(|word| format!("'{word}'")).collect();
        if let Some(last) = of_term.last_mut().filter(|_| term.is_prefix) {
            last.push_str(":*");
        }
        words.extend(of_term);
    }
    words.join(" & ")
}
