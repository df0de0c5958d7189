// The example of ../sam, written for the CDK.
"use strict";

const path = require("node:path");
const cdk = require("aws-cdk-lib");
const {
  aws_apigateway: apigateway,
  aws_events: events,
  aws_events_targets: targets,
  aws_lambda: lambda,
  aws_lambda_event_sources: sources,
  aws_s3: s3,
  aws_s3_notifications: notifications,
  aws_sqs: sqs,
  aws_stepfunctions: sfn,
  aws_stepfunctions_tasks: tasks,
} = cdk;

class PictureSizes extends cdk.Stack {
  constructor(scope, id, props) {
    super(scope, id, props);

    const pictures = new s3.Bucket(this, "Pictures", {
      eventBridgeEnabled: true,
      removalPolicy: cdk.RemovalPolicy.DESTROY,
    });
    const notThere = new sqs.Queue(this, "NotThere");
    const asked = new sqs.Queue(this, "Asked", {
      visibilityTimeout: cdk.Duration.seconds(60),
      deadLetterQueue: { queue: notThere, maxReceiveCount: 2 },
    });

    const measure = new lambda.Function(this, "Measure", {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: "app.handler",
      code: lambda.Code.fromAsset(path.join(__dirname, "src")),
      timeout: cdk.Duration.seconds(10),
      environment: { PICTURES: pictures.bucketName },
    });
    pictures.grantReadWrite(measure);
    measure.addEventSource(new sources.SqsEventSource(asked, { reportBatchItemFailures: true }));
    const url = measure.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE });

    const machine = new sfn.StateMachine(this, "Machine", {
      definitionBody: sfn.DefinitionBody.fromChainable(
        new tasks.LambdaInvoke(this, "MeasureIt", {
          lambdaFunction: measure,
          payload: sfn.TaskInput.fromObject({
            key: sfn.JsonPath.stringAt("$.detail.object.key"),
          }),
          outputPath: "$.Payload",
        }),
      ),
    });
    new events.Rule(this, "Uploaded", {
      eventPattern: {
        source: ["aws.s3"],
        detailType: ["Object Created"],
        detail: { bucket: { name: [pictures.bucketName] }, object: { key: [{ suffix: ".png" }] } },
      },
      targets: [new targets.SfnStateMachine(machine)],
    });
    // A text file is queued as it comes: by a notification of S3's own.
    pictures.addEventNotification(
      s3.EventType.OBJECT_CREATED,
      new notifications.SqsDestination(notThere),
      { suffix: ".txt" },
    );

    const api = new apigateway.RestApi(this, "Api");
    api.root
      .addResource("measure")
      .addMethod("POST", new apigateway.LambdaIntegration(measure));

    const outputs = {
      Bucket: pictures.bucketName,
      Queue: asked.queueUrl,
      DeadLetters: notThere.queueUrl,
      Machine: machine.stateMachineArn,
      Api: api.restApiId,
      Stage: api.deploymentStage.stageName,
      Url: url.url,
    };
    for (const [name, value] of Object.entries(outputs)) {
      new cdk.CfnOutput(this, `Of${name}`, { value }).overrideLogicalId(name);
    }
  }
}

new PictureSizes(new cdk.App(), "PictureSizesCdk");
