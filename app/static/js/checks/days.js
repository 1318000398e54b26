// Days of the calendar as {year, month, day}, without time zones.
export function lastDay(year, month) {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
}

export function readDay(value) {
  const match = typeof value === "string" && /^(\d{4})-(\d\d)-(\d\d)$/.exec(value);
  if (!match || match[0] !== value) return null;
  const [year, month, day] = match.slice(1).map(Number);
  const real = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= lastDay(year, month);
  return real ? { year, month, day } : null;
}

export function iso(year, month, day) {
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}
