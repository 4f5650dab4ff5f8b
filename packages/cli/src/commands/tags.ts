// `--tag key=value,…`: labels of a cluster or a project.

import type { Flag } from '../core/command.ts'
import type { Context } from '../core/context.ts'
import { UsageError } from '../core/usage-error.ts'

export const tag: Flag = { name: 'tag', kind: 'list', usage: 'Tags, each as key=value.' }

/** An empty list for `--tag =`, which takes all tags away; undefined where the flag is not set. Throws UsageError. */
export function tagsOf(context: Context): { readonly key: string; readonly value: string }[] | undefined {
  if (!context.isSet('tag')) return undefined
  return context.list('tag').flatMap((text) => {
    const at = text.indexOf('=')
    if (at === -1)
      throw new UsageError(`invalid argument "${text}" for "--tag" flag: ${text} must be formatted as key=value`)
    const [key, value] = [text.slice(0, at), text.slice(at + 1)]
    return key === '' || value === '' ? [] : [{ key, value }]
  })
}
