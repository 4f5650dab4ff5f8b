// A type of event in words. Types are many, and more with every release: they are read as they are spelled. Pure.

const spelled: Readonly<Record<string, string>> = {
  api: 'API',
  aws: 'AWS',
  azure: 'Azure',
  dns: 'DNS',
  gcp: 'GCP',
  id: 'ID',
  ip: 'IP',
  mongodb: 'MongoDB',
  org: 'organization',
  group: 'project',
}

/** `API_KEY_CREATED`: "API key created". */
export function typeWords(type: string): string {
  const words = type
    .toLowerCase()
    .replace(/_audit$/, '')
    .split('_')
    .map((word) => spelled[word] ?? word)
    .join(' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
