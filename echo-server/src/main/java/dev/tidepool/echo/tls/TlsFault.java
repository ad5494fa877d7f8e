package dev.tidepool.echo.tls;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What is wrong with a connection's TLS, in the words of a log line. */
public final class TlsFault {
  private static final Pattern BYTES = Pattern.compile(": ([0-9a-f]{1,16})[0-9a-f]*$");

  private TlsFault() {}

  /** The fault of TLS that {@code cause} is, or is the decoder's wrapping of; null if neither. */
  public static @Nullable SSLException of(Throwable cause) {
    if (cause instanceof DecoderException && cause.getCause() instanceof SSLException fault) {
      return fault;
    }
    return cause instanceof SSLException fault ? fault : null;
  }

  public static String describe(SSLException fault) {
    if (fault instanceof NotSslRecordException) {
      return "input is no TLS record" + firstBytes(fault) + ", expected TLS";
    }
    if (fault instanceof SslHandshakeTimeoutException) {
      return "TLS " + fault.getMessage() + ", expected its end";
    }
    return "TLS failed: " + fault.getMessage();
  }

  /** Netty's message has all bytes that have arrived. */
  private static String firstBytes(SSLException fault) {
    Matcher bytes = BYTES.matcher(String.valueOf(fault.getMessage()));
    return bytes.find() ? " (it begins with 0x" + bytes.group(1) + ")" : "";
  }
}
