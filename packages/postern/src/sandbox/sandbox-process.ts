// The sandbox as a process of its own: what a supervisor forks, and what `postern sandbox` is without the rest.
import { sandboxMain } from './main.ts'

await sandboxMain(process.env)
