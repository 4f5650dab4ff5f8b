// What one operation's line in the table says.

import type { GroupRole, OrgRole } from '../roles.ts'

/**
 * Who may call. `group` and `org`: an actor that holds one of these roles there, or one that implies it
 * (control-plane http/may.ts). `local`: any authenticated actor; the local cloud belongs to the whole machine.
 */
export type Access =
  | { readonly kind: 'public' | 'authenticated' | 'edge' | 'local' }
  | { readonly kind: 'group'; readonly roles: readonly GroupRole[] }
  /**
   * As `group`, and a user who owns the group's organization and nothing else may do it to themselves: the handler
   * judges that (http/may.ts, `onlyForThemselves`).
   */
  | { readonly kind: 'groupOrSelf'; readonly roles: readonly GroupRole[] }
  | { readonly kind: 'org'; readonly roles: readonly OrgRole[] }
  /** The path names a group; the role is held in the group's organization. */
  | { readonly kind: 'groupOfOrg'; readonly roles: readonly OrgRole[] }
  /** What belongs to no organization: the role is held in any of them. */
  | { readonly kind: 'anyOrg'; readonly roles: readonly OrgRole[] }
  /** An organization that the body names, not the path: the handler judges (createGroup). */
  | { readonly kind: 'bodyOrg'; readonly roles: readonly OrgRole[] }

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  /** Media-type versions, oldest first; none: plain `application/json`. */
  readonly versions: readonly string[]
  readonly status: number
  readonly access: Access
  /** Versions that say they are on their way out: what their answers carry in `Deprecation` and `Sunset` (recorded). */
  readonly deprecated?: Readonly<Record<string, { readonly deprecation: string; readonly sunset?: string }>>
  /** Answers `{ links, results, totalCount }` and takes pageNum, itemsPerPage, includeCount. */
  readonly paged?: true
  /** Also answers under /api/atlas/v1.0 as plain JSON: official clients still call it there. */
  readonly v1?: true
  /** The body is a form (OAuth), not JSON. */
  readonly form?: true
  /** Answers `text/event-stream` and goes on answering. */
  readonly stream?: true
  /** The answer is plain text, not JSON. */
  readonly text?: true
}
