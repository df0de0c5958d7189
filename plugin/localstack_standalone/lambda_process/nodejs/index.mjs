/**
 * Starts AWS's runtime client for the Node.js that runs this, as /var/runtime/index.mjs does on AWS:
 * up to 22 the one that knows callbacks, from 24 on the one that refuses them.
 */

import { use as useNodePath } from "./node-path.mjs";

const FIRST_WITHOUT_CALLBACKS = 24;

useNodePath();
if (Number.parseInt(process.versions.node, 10) >= FIRST_WITHOUT_CALLBACKS) {
  await import("./aws-lambda-ric-4.mjs");
} else {
  const { run } = await import("./aws-lambda-ric-3.mjs");
  await run(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
}
