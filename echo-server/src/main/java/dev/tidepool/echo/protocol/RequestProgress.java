package dev.tidepool.echo.protocol;

/** How far a connection has come with the request that it is receiving. Ask on the event loop. */
public interface RequestProgress {
  /** Of a protocol that never is in the middle of a request. */
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

  /** Says for a log line how much of the request has arrived. */
  String describe();
}
