package dev.tidepool.echo.live.http;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The names by which a browser may ask for the page: the host that the server was told to listen
 * on, the address at which a connection was accepted, and on loopback {@code localhost} and its
 * addresses, each with the port. A page elsewhere that has its own name resolve to this machine
 * (DNS rebinding) comes with that name, and reaches nothing.
 */
final class OwnNames {
  private static final int HTTP_PORT = 80;

  private final String host;

  /**
   * @param host as it was given, a name or an address
   */
  OwnNames(String host) {
    this.host = host;
  }

  /** The values of {@code Host} that are right on a connection accepted at {@code local}. */
  Set<String> at(InetSocketAddress local) {
    Set<String> names = new LinkedHashSet<>();
    add(names, host(host), local.getPort());
    InetAddress address = local.getAddress();
    if (address.isLoopbackAddress()) {
      add(names, "localhost", local.getPort());
      add(names, "127.0.0.1", local.getPort());
      add(names, "[::1]", local.getPort());
    }
    add(names, literal(address), local.getPort());
    return names;
  }

  private static void add(Set<String> names, String name, int port) {
    names.add(name + ":" + port);
    if (port == HTTP_PORT) {
      names.add(name);
    }
  }

  private static String host(String host) {
    boolean isBareIpv6 = NetUtil.isValidIpV6Address(host) && !host.startsWith("[");
    return (isBareIpv6 ? "[" + host + "]" : host).toLowerCase(Locale.ROOT);
  }

  private static String literal(InetAddress address) {
    String text = NetUtil.toAddressString(address);
    return address instanceof Inet6Address ? "[" + text + "]" : text;
  }
}
