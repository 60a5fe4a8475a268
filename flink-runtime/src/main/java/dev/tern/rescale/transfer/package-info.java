/**
 * Moves units of state as byte streams between two TaskExecutor processes, on request of the new
 * owner.
 *
 * <p>A process has at most one server (see {@link dev.tern.rescale.transfer.TransferService}). An
 * old owner offers its units there under a {@link dev.tern.rescale.transfer.TransferSession}; a new
 * owner connects, names the units it wants, and receives them in that order. Both ends hold at most
 * a credit window of chunks per fetch. Nothing here knows tasks, keys or backends: the units are
 * numbers, their bytes belong to whoever writes and reads them.
 */
package dev.tern.rescale.transfer;
