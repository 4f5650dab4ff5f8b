// Time as the Atlas API writes it: ISO 8601 in UTC, whole seconds.

/** `2026-08-10T03:05:16Z`. */
export const atlasTimestamp = (date: Date): string => date.toISOString().replace(/\.\d{3}Z$/, 'Z')
