//! Words of messages, back to numbers of messages.

use sqlx::{PgPool, Postgres, QueryBuilder};

use crate::Result;
use crate::words::{Term, terms};

/// The index finds what holds all the words; whether they stand together is looked up in the row. Texts too long for the index
/// are few, and are looked through: apart, so that guesses about how many there are cannot spoil the plan for the others.
pub(super) async fn search(pool: &PgPool, typed: &str, limit: usize) -> Result<Vec<u64>> {
    let terms = terms(typed);
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = QueryBuilder::<Postgres>::new(
        "SELECT message_no FROM messages
         WHERE length(words) <= 200000 AND array_to_tsvector(string_to_array(rtrim(left(words, 200000)), ' ')) @@ ",
    );
    query.push_bind(expression(&terms)).push("::tsquery");
    push_terms(&mut query, &terms);
    query.push(" UNION ALL SELECT message_no FROM messages WHERE length(words) > 200000");
    push_terms(&mut query, &terms);
    query.push(" ORDER BY message_no LIMIT ").push_bind(limit as i64);
    let rows: Vec<i64> = query.build_query_scalar().fetch_all(pool).await?;
    Ok(rows.into_iter().map(i64::cast_unsigned).collect())
}

/// Merges into the index of words what batches left beside it, which every search has to look through. Nothing is left then.
pub(super) async fn merge_what_waits(pool: &PgPool) -> Result<u64> {
    sqlx::query(
        "SELECT gin_clean_pending_list(i.inhrelid::regclass) FROM pg_inherits i WHERE i.inhparent = 'messages_by_word'::regclass",
    )
    .execute(pool)
    .await?;
    Ok(0)
}

/// That every term stands in the row, its words next to each other.
fn push_terms(query: &mut QueryBuilder<Postgres>, terms: &[Term]) {
    for term in terms {
        let after = if term.is_prefix { "" } else { " " };
        query.push(" AND strpos(' ' || words || ' ', ").push_bind(format!(" {}{after}", term.words)).push(") > 0");
    }
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
