package dev.tidepool.allocator;

import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * The parts of an HTTP/1.1 message that an object is. A full message is several.
 *
 * <p>The classes that Netty's own codec makes, and its full response, are told by their identity:
 * to find out that an object is not of an interface, the JVM searches all interfaces of its class,
 * for each object again.
 */
final class HttpKinds {
  static final int REQUEST = 1;
  static final int RESPONSE = 2;
  static final int CONTENT = 4;

  /** The end of a message. */
  static final int LAST = 8;

  private HttpKinds() {}

  /** The sum of what {@code message} is; 0 if it is none of these. */
  static int of(Object message) {
    Class<?> type = message.getClass();
    if (type == DefaultHttpRequest.class) {
      return REQUEST;
    }
    if (type == DefaultLastHttpContent.class || message == LastHttpContent.EMPTY_LAST_CONTENT) {
      return CONTENT | LAST;
    }
    if (type == DefaultHttpContent.class) {
      return CONTENT;
    }
    if (type == DefaultFullHttpResponse.class) {
      return RESPONSE | CONTENT | LAST;
    }
    return type == DefaultHttpResponse.class ? RESPONSE : ofAny(message);
  }

  private static int ofAny(Object message) {
    int kinds = 0;
    kinds |= message instanceof HttpRequest ? REQUEST : 0;
    kinds |= message instanceof HttpResponse ? RESPONSE : 0;
    kinds |= message instanceof HttpContent ? CONTENT : 0;
    kinds |= message instanceof LastHttpContent || message instanceof HttpChunkedInput ? LAST : 0;
    return kinds;
  }
}
