// CommonJS, with the SDK's client traced by X-Ray, which has nobody to send to.
const AWSXRay = require('aws-xray-sdk-core');
const { LambdaClient, GetAccountSettingsCommand } = require('@aws-sdk/client-lambda');

const lambda = AWSXRay.captureAWSv3Client(new LambdaClient());

exports.handler = async function (event, context) {
  event.Records.forEach((record) => console.log('message', record.body));
  console.log('context', JSON.stringify(context));
  const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand());
  return { limit: AccountLimit.ConcurrentExecutions, id: context.awsRequestId };
};
