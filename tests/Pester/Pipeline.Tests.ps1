# Pipelines as an administrator writes them.

BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Users in a pipeline' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'are filtered with Where-Object' {
        (Get-PgEdgeUser -Path $file | Where-Object Status -EQ Disabled).Username | Should -Be charlie
        (Get-PgEdgeUser -Path $file | Where-Object { -not $_.LastLogin }).Username | Should -Be bob
        (Get-PgEdgeUser -Path $file | Where-Object CreatedAt -GT 2024-10-01).Username | Should -Be alice, bob
    }

    It 'are named by the lines of a text file, whose own path is not the user file' {
        'alice', 'bob' | Set-Content TestDrive:/names.txt
        $before, $env:PGEDGE_AUTH_USER_FILE = $env:PGEDGE_AUTH_USER_FILE, $file
        try {
            (Get-Content TestDrive:/names.txt | Get-PgEdgeUser).Username | Should -Be alice, bob
            Get-Content TestDrive:/names.txt | Disable-PgEdgeUser -WarningAction Ignore
            (Get-PgEdgeUser alice, bob).Status | Should -Be Disabled, Disabled

            $other = New-UserFile
            Get-Content TestDrive:/names.txt | Get-PgEdgeUser -Path $other | ForEach-Object Path | Should -Be $other, $other
            Get-Content TestDrive:/names.txt | ForEach-Object { [pscustomobject]@{ Username = $_; Path = $other } } |
                Get-PgEdgeUser | ForEach-Object Path | Should -Be $other, $other
        }
        finally {
            $env:PGEDGE_AUTH_USER_FILE = $before
        }
    }

    It 'are those of a file that is piped, which is no name of a user' {
        'alice' | Set-Content TestDrive:/names.txt
        Get-Content TestDrive:/names.txt | Get-PgEdgeUser -Path $file | Should -HaveCount 1

        (Get-Item $file | Get-PgEdgeUserFile).Path | Should -Be $file
        (Get-Item $file | Get-PgEdgeUser).Username | Should -Be alice, bob, charlie
        (Get-PgEdgeUserFile $file | Get-PgEdgeUser).Username | Should -Be alice, bob, charlie
        { Get-Item $file | Remove-PgEdgeUser -Confirm:$false -ErrorAction Stop } | Should -Throw '*not the name of a user*'
        Get-PgEdgeUser -Path $file | Should -HaveCount 3
    }

    It 'are sorted, grouped, measured and selected' {
        (Get-PgEdgeUser -Path $file | Sort-Object CreatedAt).Username | Should -Be charlie, bob, alice
        (Get-PgEdgeUser -Path $file | Group-Object Status | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.Count)" }) | Should -Be 'Disabled 1', 'Enabled 2'
        (Get-PgEdgeUser -Path $file | Measure-Object FailedAttempts -Sum).Sum | Should -Be 3
        Get-PgEdgeUser -Path $file | Select-Object -ExpandProperty Username -First 1 | Should -Be alice
    }

    It 'go on to the cmdlets that change them, to the file that they came from' {
        $other = New-UserFile

        & { Get-PgEdgeUser alice -Path $file; Get-PgEdgeUser bob -Path $other } | Disable-PgEdgeUser

        (Get-PgEdgeUser -Path $file | ForEach-Object Status) | Should -Be Disabled, Enabled, Disabled
        (Get-PgEdgeUser -Path $other | ForEach-Object Status) | Should -Be Enabled, Disabled, Disabled
    }

    It 'are all on disk when the first comes out' {
        Get-PgEdgeUser -Path $file | Set-PgEdgeUser -Annotation Lead -PassThru | Select-Object -First 1 | Should -HaveCount 1

        (Get-PgEdgeUser -Path $file).Annotation | Should -Be Lead, Lead, Lead

        $files = $file, (New-UserFile)
        $files | ForEach-Object { Get-PgEdgeUser bob -Path $_ } | Set-PgEdgeUser -Annotation DBA -PassThru | Select-Object -First 1 | Should -HaveCount 1
        $files | ForEach-Object { (Get-PgEdgeUser bob -Path $_).Annotation } | Should -Be DBA, DBA
    }

    It 'are kept with -OutVariable and -PipelineVariable' {
        Get-PgEdgeUser -Path $file -PipelineVariable user -OutVariable all | ForEach-Object { $user.Username } | Should -Be alice, bob, charlie

        $all | Should -HaveCount 3
    }

    It 'are chosen by what a table holds' {
        "Username,Annotation`nalice,Lead`nnobody,Lead`nbob,Lead" | ConvertFrom-Csv | Set-PgEdgeUser -Annotation Lead -Path $file -ErrorVariable failed -ErrorAction SilentlyContinue

        (Get-PgEdgeUser -Path $file).Annotation | Should -Be Lead, Lead, 'Former emp'
        $failed.FullyQualifiedErrorId | Should -Be 'UserNotFound,PgEdgeUsers.Commands.SetPgEdgeUserCommand'
    }

    It 'take the file of a default parameter value' {
        $PSDefaultParameterValues = @{ '*-PgEdge*:Path' = $file }

        Disable-PgEdgeUser alice

        (Get-PgEdgeUser alice).Status | Should -Be Disabled
    }

    It 'are not changed under -WhatIf' {
        $before = Get-FileHash $file

        Get-PgEdgeUser -Path $file | Remove-PgEdgeUser -WhatIf
        Get-PgEdgeUser -Path $file | Disable-PgEdgeUser -WhatIf

        (Get-FileHash $file).Hash | Should -Be $before.Hash
    }

    It 'are added from a table, and wait for a password that is no plain text' {
        "Username,Password,Note`ndora,umbrella in the hall,Lead" | ConvertFrom-Csv | New-PgEdgeUser -Path $file -ErrorVariable failed -ErrorAction SilentlyContinue

        $failed[0].FullyQualifiedErrorId | Should -Be 'PlainTextPassword,PgEdgeUsers.Commands.NewPgEdgeUserCommand'
        ($failed | Format-List * -Force | Out-String) | Should -Not -Match umbrella
    }
}

Describe 'Users elsewhere' {
    BeforeAll {
        $file = New-UserFile
    }

    It 'are exported to CSV' {
        $rows = Get-PgEdgeUser -Path $file | ConvertTo-Csv | ConvertFrom-Csv

        $rows.Username | Should -Be alice, bob, charlie
        $rows.Status | Should -Be Enabled, Enabled, Disabled
        $rows[0].PSObject.Properties.Name | Should -Be Username, Status, CreatedAt, LastLogin, FailedAttempts, Annotation, Path
    }

    It 'are exported to JSON' {
        $alice = Get-PgEdgeUser alice -Path $file | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json

        $alice.Status | Should -Be Enabled
        $alice.LastLogin.ToUniversalTime() | Should -Be ([datetime]::new(2024, 11, 14, 9, 30, 0))
    }

    It 'survive Export-Clixml: they show the same, compare the same and can be piped on' {
        $copy = New-UserFile
        $xml = Join-Path $TestDrive users.xml
        Get-PgEdgeUser -Path $copy | Export-Clixml $xml

        $users = Import-Clixml $xml

        $users | Get-Screen | Should -Be (Get-PgEdgeUser -Path $copy | Get-Screen)
        ($users | Where-Object Status -EQ Disabled | Enable-PgEdgeUser -PassThru).Username | Should -Be charlie
        ($users | Where-Object Username -EQ alice).LastLogin | Should -Be (Get-PgEdgeUser alice -Path $copy).LastLogin
        (Get-PgEdgeUser charlie -Path $copy).FailedAttempts | Should -Be 0
    }

    It 'come out of jobs and can be piped on' {
        $copy = New-UserFile

        $users = Start-Job { Import-Module $using:ModulePath; Get-PgEdgeUser -Path $using:copy } | Receive-Job -Wait -AutoRemoveJob

        ($users | Disable-PgEdgeUser -PassThru).Username | Should -Be alice, bob, charlie
        (Get-PgEdgeUser -Status Enabled -Path $copy) | Should -BeNullOrEmpty
    }

    It 'are changed from many runspaces at once' {
        $copy = New-UserFile

        'alice', 'bob', 'charlie' | ForEach-Object -Parallel {
            Import-Module $using:ModulePath
            $name = $_
            1..3 | ForEach-Object { Set-PgEdgeUser $name -Annotation "round $_" -Path $using:copy }
        } -ThrottleLimit 3

        (Get-PgEdgeUser -Path $copy).Annotation | Should -Be 'round 3', 'round 3', 'round 3'
        Get-Content $copy -First 1 | Should -Be '# Kept by hand.'
    }
}

Describe 'Sessions elsewhere' {
    It 'survive Export-Clixml with their token' {
        $file = New-UserFile
        $xml = Join-Path $TestDrive session.xml
        $session = New-PgEdgeSession (New-Login alice $Passwords.alice) -Path $file
        $session | Export-Clixml $xml

        $copy = Import-Clixml $xml

        ConvertFrom-SecureString $copy.Token -AsPlainText | Should -BeExactly (ConvertFrom-SecureString $session.Token -AsPlainText)
        $copy.ExpiresAt | Should -Be $session.ExpiresAt
        $copy | Get-Screen | Should -Be ($session | Get-Screen)
        "$copy" | Should -Be alice
    }

    It 'tell at any time whether they have expired' {
        $file = New-UserFile
        $session = New-PgEdgeSession (New-Login alice $Passwords.alice) -Path $file
        $xml = [System.Management.Automation.PSSerializer]::Serialize($session)
        $later = $xml -replace "(?<=""ExpiresAt"">)$($session.ExpiresAt.Year)", '2020'

        [System.Management.Automation.PSSerializer]::Deserialize($xml).IsExpired | Should -BeFalse
        [System.Management.Automation.PSSerializer]::Deserialize($later).IsExpired | Should -BeTrue
    }
}
