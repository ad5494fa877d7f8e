package dev.tidepool.echo.figures;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;

/** Parses and formats socket addresses as they are typed. */
public final class Addresses {
  private Addresses() {}

  /**
   * The numeric host, in brackets if it is of IPv6, and the port: {@code 127.0.0.1:7007}, {@code
   * [::1]:7007}. Never looks a name up.
   */
  public static String text(SocketAddress address) {
    if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
      return host(inet.getAddress()) + ":" + inet.getPort();
    }
    return String.valueOf(address);
  }

  private static String host(InetAddress address) {
    return address instanceof Inet6Address inet6
        ? "[" + NetUtil.toAddressString(inet6) + scope(inet6) + "]"
        : address.getHostAddress();
  }

  /** Without its scope a link-local address cannot be connected to. */
  private static String scope(Inet6Address address) {
    String text = address.getHostAddress();
    int scope = text.indexOf('%');
    return scope < 0 ? "" : text.substring(scope);
  }

  /** Looks the host up, if it is a name. */
  public static InetSocketAddress resolve(String host, int port) throws IOException {
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw new IOException("cannot find the host '" + host + "': " + e.getMessage(), e);
    }
  }
}
