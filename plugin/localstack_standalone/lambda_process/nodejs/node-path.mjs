/**
 * ES modules are found on NODE_PATH, too, as in Lambda since Node.js 18: Node.js looks there for
 * what is required, and not for what is imported.
 */

import module from "node:module";
import { pathToFileURL } from "node:url";

// Neither a path, nor a URL, nor a package's own name for a part of itself.
const BARE = /^[^./#][^:]*$/;

// A module beside each folder of NODE_PATH: what it imports is looked for there.
const neighbours = (process.env.NODE_PATH ?? "")
  .split(":")
  .filter((folder) => folder.endsWith("/node_modules"))
  .map((folder) => pathToFileURL(folder.replace(/node_modules$/, "-")).href);

const isMissing = (specifier, error) =>
  error.code === "ERR_MODULE_NOT_FOUND" && BARE.test(specifier);

/** For registerHooks. */
function resolveNow(specifier, context, next) {
  try {
    return next(specifier, context);
  } catch (error) {
    for (const parentURL of isMissing(specifier, error) ? neighbours : []) {
      try {
        return next(specifier, { ...context, parentURL });
      } catch {
        // perhaps beside the next one
      }
    }
    throw error;
  }
}

/** For register, which calls it in a thread of its own. */
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    for (const parentURL of isMissing(specifier, error) ? neighbours : []) {
      try {
        return await next(specifier, { ...context, parentURL });
      } catch {
        // perhaps beside the next one
      }
    }
    throw error;
  }
}

/** Have imports resolved so; Node.js 20 can do it in a thread alone. */
export function use() {
  if (module.registerHooks) {
    module.registerHooks({ resolve: resolveNow });
  } else {
    module.register(import.meta.url);
  }
}
