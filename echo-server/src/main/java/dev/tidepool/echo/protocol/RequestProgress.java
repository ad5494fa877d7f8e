package dev.tidepool.echo.protocol;

import io.netty.buffer.Unpooled;

/** How much of its current request a server connection has received. Event loop only. */
public interface RequestProgress {
  /**
   * The user event that is fired through the pipeline of each connection when the server drains.
   */
  Object DRAIN =
      new Object() {
        @Override
        public String toString() {
          return "DRAIN";
        }
      };

  /** The progress of a protocol in which every read is a whole request. */
  RequestProgress NONE =
      new RequestProgress() {
        @Override
        public boolean midRequest() {
          return false;
        }

        @Override
        public String describe() {
          return "between requests";
        }
      };

  /** Whether a request has begun to arrive and is not complete. */
  boolean midRequest();

  /** How much of the request has arrived, for a log line. */
  String describe();

  /**
   * The message that is sent behind the last answer when the server stops; by default an empty
   * buffer, which says nothing. The caller writes it, in front of the codec.
   */
  default Object farewell() {
    return Unpooled.EMPTY_BUFFER;
  }
}
