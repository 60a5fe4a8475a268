/** The parts of StockExchange: orders, the book of a stock, and what matching must give. */
package dev.tern.examples.stock;
