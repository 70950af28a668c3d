// Words that the worker puts into what it tells: it carries no others.

export const nearest = (fix: string) => `Nearest fix: ${fix}`;
