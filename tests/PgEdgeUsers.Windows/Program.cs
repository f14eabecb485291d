return Microsoft.PowerShell.ConsoleShell.Start("", "", args);
