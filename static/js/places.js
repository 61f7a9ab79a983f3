// The line of a list of time zones that stands for this phone's own zone, even if the phone knows it by an old name.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The option, or undefined. */
export function own(list) {
  return [...list.options].find(({ value, dataset }) => value === zone || dataset.also?.split(" ").includes(zone));
}
