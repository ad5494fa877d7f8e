package dev.tidepool.echo.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A client of the JDK's own TLS, on a blocking socket; it trusts every certificate. */
public final class TlsClient implements AutoCloseable {
  private final Socket plain;
  private final SSLSocket socket;

  /**
   * @param protocols TLS versions that it speaks; none: the JDK's default
   */
  public TlsClient(InetSocketAddress address, String... protocols) throws IOException {
    plain = new Socket(address.getAddress(), address.getPort());
    plain.setTcpNoDelay(true);
    plain.setSoTimeout(Math.toIntExact(TestServer.PATIENCE.toMillis()));
    socket = socket(insecure(), plain, address);
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
  }

  private static SSLSocket socket(SSLContext context, Socket plain, InetSocketAddress address)
      throws IOException {
    return (SSLSocket)
        context
            .getSocketFactory()
            .createSocket(plain, address.getHostString(), address.getPort(), true);
  }

  /** A context that trusts every certificate. */
  public static SSLContext insecure() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManager[] all = InsecureTrustManagerFactory.INSTANCE.getTrustManagers();
      context.init(null, all, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public void handshake() throws IOException {
    socket.startHandshake();
  }

  public InputStream in() throws IOException {
    return socket.getInputStream();
  }

  public OutputStream out() throws IOException {
    return socket.getOutputStream();
  }

  /** The socket below, for bytes that are no TLS. */
  public OutputStream plainOut() throws IOException {
    return plain.getOutputStream();
  }

  public void assertEchoes(byte[] bytes) throws IOException {
    out().write(bytes);
    assertThat(in().readNBytes(bytes.length)).isEqualTo(bytes);
  }

  /** Sends close_notify, and goes on reading where TLS allows it: 1.3. */
  public void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Closes in good order. */
  public void leave() throws IOException {
    socket.close();
  }

  /** Closes the socket below: the one of TLS would wait for a write that is stuck. */
  @Override
  public void close() throws IOException {
    plain.close();
  }
}
