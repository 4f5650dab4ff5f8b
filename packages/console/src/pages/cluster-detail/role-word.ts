// A member's role in words; that connection strings leave it out is worth saying.

const words: Readonly<Record<string, string>> = {
  primary: 'Primary',
  secondary: 'Secondary',
  arbiter: 'Arbiter',
  hidden: 'Hidden',
  delayed: 'Delayed',
  mongos: 'Router',
  passive: 'Passive',
  unknown: 'Unknown',
}

export const roleWord = (role: string, listed: boolean): string => {
  const word = words[role] ?? role
  return listed ? word : `${word}, in no connection string`
}
