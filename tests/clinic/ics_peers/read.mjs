// What ical.js finds in calendar files: `node read.mjs FILE…` prints one JSON list, in the form of reading.py.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const utc = (time) => new Date(time.toUnixTime() * 1000).toISOString().slice(0, 19) + "Z";

/** A moment: by the clock, the zone's name, the instant that the file's own description of the zone makes of it. */
function moment(component, name) {
  const property = component.getFirstProperty(name);
  if (!property) return null;
  const time = property.getFirstValue();
  return { clock: time.toString().replace("Z", ""), zone: property.getFirstParameter("tzid") ?? "UTC", utc: utc(time) };
}

function event(component) {
  const text = (name) => component.getFirstPropertyValue(name)?.toString() ?? "";
  return {
    ...Object.fromEntries(["uid", "summary", "description", "location", "url", "status"].map((name) => [name, text(name)])),
    sequence: Number(text("sequence")),
    ...Object.fromEntries(["dtstart", "dtend", "dtstamp", "last-modified"].map((name) => [name, moment(component, name)])),
    alarms: component.getAllSubcomponents("valarm").map((alarm) => ({
      action: alarm.getFirstPropertyValue("action"),
      description: alarm.getFirstPropertyValue("description"),
      seconds: alarm.getFirstPropertyValue("trigger").toSeconds(),
    })),
  };
}

function read(path) {
  ICAL.TimezoneService.reset(); // only the zones that the file itself describes
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(path, "utf8")));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const text = (name) => calendar.getFirstPropertyValue(name)?.toString() ?? "";
  return {
    ...Object.fromEntries(["prodid", "version", "method", "x-wr-calname"].map((name) => [name, text(name)])),
    zones: calendar.getAllSubcomponents("vtimezone").map((zone) => zone.getFirstPropertyValue("tzid")).sort(),
    events: calendar.getAllSubcomponents("vevent").map(event),
  };
}

console.log(JSON.stringify(process.argv.slice(2).map(read)));
