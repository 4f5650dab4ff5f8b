// The clipboard, where the browser lends it.

/** Pages that came over plain HTTP from another host have no clipboard; what is shown is selected and copied there. */
export async function copyText(text: string, shown: HTMLElement | null): Promise<void> {
  if (window.isSecureContext) return navigator.clipboard.writeText(text)
  if (shown === null) return
  window.getSelection()?.selectAllChildren(shown)
  document.execCommand('copy')
}
