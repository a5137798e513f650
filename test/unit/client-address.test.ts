/** Whom a limit counts as one: an IPv4 address, or an IPv6 network of the size that one household gets. */
import { describe, expect, test } from 'vitest';
import { clientKey } from '../../worker/http/client-address.ts';

test.each(['192.0.2.1', '10.0.0.1', '255.255.255.255'])('an IPv4 address is one client: %s', address => {
  expect(clientKey(address)).toBe(address);
});

describe('an IPv6 address counts by its first 64 bits', () => {
  test.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2:FFFF:FFFF:FFFF:FFFF', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:0003:0004:0005:0006', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:0:1::', '2001:db8:0:0::/64'],
    ['2001:db8::1:2:3:4:5', '2001:db8:0:1::/64'],
    ['2001::1:2:3:4:5:6', '2001:0:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['1::', '1:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ])('%s is of %s', (address, key) => {
    expect(clientKey(address)).toBe(key);
  });

  test('so two machines of a network are one client and two networks are two', () => {
    expect(clientKey('2001:db8:1:2::1')).toBe(clientKey('2001:db8:1:2:ffff::9'));
    expect(clientKey('2001:db8:1:2::1')).not.toBe(clientKey('2001:db8:1:3::1'));
  });
});

test.each(['::ffff:192.0.2.1', '::FFFF:192.0.2.1'])('an IPv4 address written as IPv6 is that client: %s', address => {
  expect(clientKey(address)).toBe('192.0.2.1');
});

test.each([undefined, ''])('those without an address (%j) are one client together', address => {
  expect(clientKey(address)).toBe('unknown');
});

test.each([':', ':::', '::1::2', '1:2', ':1', '1:2:3:4:5:6:7:8:9', 'x:y', '192.0.2.1:8080', 'a'.repeat(10_000)])(
  'what is no address has some key all the same: %s',
  address => {
    expect(clientKey(address)).toEqual(expect.any(String));
  },
);
