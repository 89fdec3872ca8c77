"""What the tests of searches share."""

from tui.model.paper import Paper


def age_rank(paper: Paper) -> str:
    """Sorts papers by age as text, oldest first; a paper without a date is older than any.

    Among those without, the newest page decides, and a page day without a year is older than
    one with.
    """
    if paper.published:
        return f"1 {paper.published.isoformat()}"
    return f"0 {paper.page_day or ''}"
