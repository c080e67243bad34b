// How each part of ours in an issue ends: where somebody took its last mark away, what follows these words is theirs.

export const LAST_WORDS = "what you write above or below stays.</sub>";
