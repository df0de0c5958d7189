// An ES module with `await` at its top; sharp brings libvips as a binary.
import { readFile } from 'node:fs/promises';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import sharp from 'sharp';

const { width } = JSON.parse(await readFile('settings.json'));
const s3 = new S3Client({});

export const handler = async ({ Records: [{ s3: source }] }) => {
  const place = { Bucket: source.bucket.name, Key: decodeURIComponent(source.object.key.replaceAll('+', ' ')) };
  const found = await s3.send(new GetObjectCommand(place));
  const image = await found.Body.transformToByteArray();
  const Body = await sharp(image).resize(width).toFormat('jpeg').toBuffer();
  const Key = `${place.Key}.small`;
  await s3.send(new PutObjectCommand({ ...place, Key, Body, ContentType: 'image/jpeg' }));
  return Key;
};
