package dev.tidepool.echo.protocol;

/** How much of its current request a server connection has received. Event loop only. */
public interface RequestProgress {
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
}
