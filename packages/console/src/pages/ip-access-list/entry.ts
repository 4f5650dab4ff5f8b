// An entry of the list as a form has it, and as the API takes it. Pure.

/** How long a temporary entry lives, in hours; the choices that Atlas offers. */
export const lives = { '6': '6 hours', '24': '1 day', '168': '1 week' } as const
export type Life = keyof typeof lives

export interface EntryFields {
  /** An address, or a network in CIDR notation. */
  readonly address: string
  readonly comment: string
  /** Absent: until it is deleted. */
  readonly life: Life | ''
}

/** One field for both: a network has its length behind a slash. */
export const entryBody = ({ address, comment, life }: EntryFields, now: Date) => {
  const value = address.trim()
  return {
    ...(value.includes('/') ? { cidrBlock: value } : { ipAddress: value }),
    ...(comment.trim() === '' ? {} : { comment: comment.trim() }),
    ...(life === '' ? {} : { deleteAfterDate: new Date(now.getTime() + Number(life) * 3_600_000).toISOString() }),
  }
}

/** What names an entry in the API's paths. */
export const entryValue = (entry: {
  readonly cidrBlock?: string | undefined
  readonly awsSecurityGroup?: string | undefined
}): string => entry.cidrBlock ?? entry.awsSecurityGroup ?? ''
