// The dialogs of these pages in the URL: which one, on which cluster, and what was chosen in it.

import { type UrlState, useUrlState } from '../../frame/url-state.ts'

interface DialogState extends Pick<UrlState, 'search'> {
  readonly open: (dialog: string, cluster?: string) => void
  readonly close: () => void
  /** Within a dialog: another step, that Back leaves again. */
  readonly go: UrlState['go']
  /** Within a step: another choice. */
  readonly choose: UrlState['replace']
}

export function useDialog(): DialogState {
  const { search, go, replace } = useUrlState()
  return {
    search,
    open: (dialog, cluster) => go({ dialog, cluster }),
    close: () => replace(Object.fromEntries(Object.keys(search).map((name) => [name, undefined]))),
    go,
    choose: replace,
  }
}
