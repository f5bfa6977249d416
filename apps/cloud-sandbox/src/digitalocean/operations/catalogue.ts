import { notFound, unprocessable } from '../do.error';
import { DO_IMAGES, doImage, imageJson } from '../images';
import { ok, type Operation } from '../operation';
import { pageOf } from '../pages';
import { DO_REGIONS } from '../regions';
import { DO_SIZES, sizeJson } from '../sizes';
import { regionJson } from '../views';

export const listRegions: Operation = (context) =>
  ok(pageOf(context, 'regions', DO_REGIONS, ({ slug }) => regionJson(slug) ?? {}));

export const listSizes: Operation = (context) => ok(pageOf(context, 'sizes', DO_SIZES, sizeJson));

/** Nobody has images of their own here, so private and tagged ones are none. */
export const listImages: Operation = (context) => {
  const { query } = context;
  const type = query.get('type');
  if (type !== null && type !== 'distribution' && type !== 'application')
    throw unprocessable(`${type} is not a type of images`);
  const isOwn = query.get('private') === 'true' || query.has('tag_name');
  const chosen = DO_IMAGES.filter(({ kind }) => !isOwn && (type === null || kind === type));
  return ok(pageOf(context, 'images', chosen, imageJson));
};

export const getImage: Operation = ({ path }) => {
  const image = doImage(path.image ?? '');
  if (!image) throw notFound();
  return ok({ image: imageJson(image) });
};
