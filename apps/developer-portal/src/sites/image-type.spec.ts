import { describe, expect, it } from 'vitest';
import { imageTypeOf } from './image-type.ts';

describe('the type of an image', () => {
  it.each([
    ['iVBORw0KGgoAAAANSUhEUg==', 'image/png'],
    ['/9j/4AAQSkZJRgABAQ==', 'image/jpeg'],
    ['UklGRiQAAABXRUJQVlA4IBgAAAA=', 'image/webp'],
    ['UklGRiQAAABXQVZFZm10IBAAAAA=', null],
    ['PHN2ZyB4bWxucz0iaHR0cCI+PC9zdmc+', null],
    ['R0lGODlhAQABAAAAACw=', null],
    ['/9j/', null],
    ['', null],
  ])('of %j is %s', (base64, type) => {
    expect(imageTypeOf(Buffer.from(base64, 'base64'))).toBe(type);
  });
});
